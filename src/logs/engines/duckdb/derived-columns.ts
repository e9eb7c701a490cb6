import { pathTemplate } from "../../../domain/path-template.ts";
import { queryShape } from "../../../domain/query-shape.ts";
import type { Dimension } from "../../../domain/traffic.ts";
import {
  hostOfReferer,
  networkOfClient,
  queryKeys,
  resourceOfPath,
  subnetOfClient,
  wideNetworkOfClient,
} from "../../derived-values.ts";
import * as code from "../../kernel/codes.ts";
import type { OwnerOf } from "../../network-owners.ts";

/** A column whose texts follow from those of another. */
export interface DerivedColumn {
  readonly dimension: Dimension;
  readonly name: string;
  /** The code of the column that it is derived from. */
  readonly from: number;
  derive(text: string): string | null;
}

const USUAL: readonly DerivedColumn[] = [
  { dimension: "net", name: "net", from: code.TEXT_CLIENT, derive: networkOfClient },
  { dimension: "subnet", name: "subnet", from: code.TEXT_CLIENT, derive: subnetOfClient },
  { dimension: "wideNet", name: "wide_net", from: code.TEXT_CLIENT, derive: wideNetworkOfClient },
  { dimension: "pathTemplate", name: "path_template", from: code.TEXT_PATH, derive: pathTemplate },
  { dimension: "resource", name: "resource", from: code.TEXT_PATH, derive: resourceOfPath },
  { dimension: "refererHost", name: "referer_host", from: code.TEXT_REFERER, derive: hostOfReferer },
];

/** Nearly as many texts as there are requests may have to be looked at for these. */
const WHERE_NAMED: readonly DerivedColumn[] = [
  { dimension: "queryKeys", name: "query_keys", from: code.TEXT_QUERY, derive: queryKeys },
  { dimension: "queryShape", name: "query_shape", from: code.TEXT_QUERY, derive: queryShape },
];

/** Gives the columns that are always derived, and those of the dimensions named; owners where it is known who they are. */
export function derivedColumns(named: readonly Dimension[], ownerOf: OwnerOf | null): readonly DerivedColumn[] {
  const owners: readonly DerivedColumn[] =
    ownerOf === null ? [] : [{ dimension: "owner", name: "owner", from: code.TEXT_CLIENT, derive: ownerOf }];
  return [...USUAL, ...[...WHERE_NAMED, ...owners].filter(({ dimension }) => named.includes(dimension))];
}
