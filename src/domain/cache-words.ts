/**
 * What caches call it, in small letters, when an answer had to come from the server behind.
 *
 * - CloudFront `x-edge-result-type`: `Miss`. Not `RefreshHit`, for which the origin only says that nothing changed; not
 *   `Error`, `LimitExceeded` and `CapacityExceeded`, which are also what a firewall's blocks and CloudFront's own limits
 *   give, without the origin being asked.
 * - nginx `$upstream_cache_status`: `MISS`, `BYPASS`, `EXPIRED`. Not `STALE` and `UPDATING`, which the cache answers, and
 *   not `REVALIDATED`, which is a refresh as above.
 * - Varnish `%{Varnish:handling}x`: `miss`, `pass`, `pipe`; `hitmiss` and `hitpass` are misses that it remembers as such.
 *
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 * @source https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_cache_status
 * @source https://varnish-cache.org/docs/trunk/reference/varnishncsa.html
 */
export const CACHE_MISS_WORDS: readonly string[] = ["miss", "bypass", "expired", "pass", "pipe", "hitmiss", "hitpass"];

/**
 * Tells whether a cache could not answer by itself, from its own word for what it did.
 *
 * @example
 * isCacheMiss("Miss"); // true
 * isCacheMiss("EXPIRED"); // true
 * isCacheMiss("RefreshHit"); // false
 */
export function isCacheMiss(word: string): boolean {
  return CACHE_MISS_WORDS.includes(word.toLowerCase());
}
