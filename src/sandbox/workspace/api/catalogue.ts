import type { MethodFamily } from "./method.ts";
import { authMethods } from "./methods/auth.ts";
import { chatMethods } from "./methods/chat.ts";
import { conversationMethods } from "./methods/conversations.ts";
import { fileMethods } from "./methods/files.ts";
import { reactionMethods } from "./methods/reactions.ts";
import { userGroupMethods } from "./methods/user-groups.ts";
import { userMethods } from "./methods/users.ts";
import { viewMethods } from "./methods/views.ts";

/** Every method of the Web API that the workspace knows. */
export const METHODS: MethodFamily = {
  ...authMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...reactionMethods,
  ...userGroupMethods,
  ...userMethods,
  ...viewMethods,
};
