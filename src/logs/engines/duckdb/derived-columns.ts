import { pathTemplate } from "../../../domain/path-template.ts";
import type { Dimension } from "../../../domain/traffic.ts";
import { hostOfReferer, networkOfClient, queryKeys, resourceOfPath } from "../../derived-values.ts";
import * as code from "../../kernel/codes.ts";

/** A column whose texts follow from those of another. */
export interface DerivedColumn {
  readonly dimension: Dimension;
  readonly name: string;
  /** The code of the column that it is derived from. */
  readonly from: number;
  derive(text: string): string | null;
}

export const DERIVED_COLUMNS: readonly DerivedColumn[] = [
  { dimension: "net", name: "net", from: code.TEXT_CLIENT, derive: networkOfClient },
  { dimension: "pathTemplate", name: "path_template", from: code.TEXT_PATH, derive: pathTemplate },
  { dimension: "resource", name: "resource", from: code.TEXT_PATH, derive: resourceOfPath },
  { dimension: "refererHost", name: "referer_host", from: code.TEXT_REFERER, derive: hostOfReferer },
  { dimension: "queryKeys", name: "query_keys", from: code.TEXT_QUERY, derive: queryKeys },
];
