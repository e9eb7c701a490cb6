import { z } from "zod";

const scope = z.enum(["REGIONAL", "CLOUDFRONT"]);
const name = z.string().regex(/^[\w-]{1,128}$/, "a name of at most 128 letters, digits, _ and -");

export const GetIpSet = z.object({ Name: name, Id: z.string(), Scope: scope });
export const UpdateIpSet = GetIpSet.extend({
  Addresses: z.array(z.string()),
  Description: z.string().default(""),
  LockToken: z.string(),
});
export const CreateIpSet = z.object({
  Name: name,
  Scope: z.literal("REGIONAL", "REGIONAL; there is no CloudFront distribution here"),
  Description: z.string().default(""),
  IPAddressVersion: z.enum(["IPV4", "IPV6"]),
  Addresses: z.array(z.string()),
});
export const List = z.object({ Scope: scope });
export const GetWebAcl = z.object({
  Name: name.optional(),
  Id: z.string().optional(),
  Scope: scope.optional(),
  ARN: z.string().optional(),
});
