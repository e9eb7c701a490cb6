import { botPerson, userPayload } from "../../payloads/user.ts";
import { ApiFailure } from "../failure.ts";
import type { MethodFamily } from "../method.ts";

export const userMethods: MethodFamily = {
  "users.info": (args, { store }) => {
    const state = store.read();
    const id = args.requiredText("user");
    const person = [...state.people, botPerson(state)].find((candidate) => candidate.id === id);
    if (person === undefined) throw new ApiFailure("user_not_found");
    return { user: userPayload(person, state) };
  },

  "users.list": (_args, { store }) => {
    const state = store.read();
    return {
      members: [...state.people, botPerson(state)].map((person) => userPayload(person, state)),
      cache_ts: 0,
      response_metadata: { next_cursor: "" },
    };
  },
};
