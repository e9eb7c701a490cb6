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
export const ListResources = z.object({
  WebACLArn: z.string(),
  ResourceType: z.string().default("APPLICATION_LOAD_BALANCER"),
});
/** Seconds since 1970. */
const seconds = z.number();
export const GetSampledRequests = z.object({
  WebAclArn: z.string(),
  RuleMetricName: z.string(),
  Scope: scope,
  TimeWindow: z.object({ StartTime: seconds, EndTime: seconds }),
  MaxItems: z.number().int().min(1).max(500),
});
