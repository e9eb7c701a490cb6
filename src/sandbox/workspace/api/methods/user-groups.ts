import { ApiFailure } from "../failure.ts";
import type { MethodFamily } from "../method.ts";

export const userGroupMethods: MethodFamily = {
  "usergroups.list": (_args, { store }) => ({
    usergroups: store.read().groups.map(({ id, handle, name, personIds }) => ({
      id,
      handle,
      name,
      is_usergroup: true,
      user_count: personIds.length,
    })),
  }),

  "usergroups.users.list": (args, { store }) => {
    const id = args.requiredText("usergroup");
    const group = store.read().groups.find((candidate) => candidate.id === id);
    if (group === undefined) throw new ApiFailure("no_such_subteam");
    return { users: [...group.personIds] };
  },
};
