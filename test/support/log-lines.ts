/** Writes log lines as servers do, for fixtures; every part can be said. */
export function albLine(
  parts: {
    at?: string;
    createdAt?: string;
    client?: string;
    status?: string;
    bytes?: string;
    request?: string;
    userAgent?: string;
    tail?: string;
  } = {},
): string {
  const at = parts.at ?? "2026-10-01T12:00:00.500000Z";
  const head = `https ${at} app/web/50dc6c495c0c9188 ${parts.client ?? "198.51.100.14:4711"} 10.0.0.7:8080 0.000 0.041 0.000`;
  const counts = `${parts.status ?? "200"} ${parts.status ?? "200"} 512 ${parts.bytes ?? "2048"}`;
  const request = parts.request ?? "GET https://shop.example:443/products/7?ref=a HTTP/1.1";
  const tls = "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1";
  const tail = parts.tail ?? '"-" "-" "10.0.0.7:8080" "200" "-" "-" TID_1 "-" "-" "-"';
  return (
    `${head} ${counts} "${request}" "${parts.userAgent ?? "curl/8.5.0"}" ${tls} "Root=1-67890abc" "shop.example" ` +
    `"session-reused" 1 ${parts.createdAt ?? at} "forward" ${tail}`
  );
}

export function combinedLine(
  parts: {
    client?: string;
    user?: string;
    time?: string;
    request?: string;
    status?: string;
    bytes?: string;
    referer?: string;
    userAgent?: string;
  } = {},
): string {
  return (
    `${parts.client ?? "198.51.100.14"} - ${parts.user ?? "-"} [${parts.time ?? "01/Oct/2026:14:00:00 +0200"}] ` +
    `"${parts.request ?? "GET /products/7?ref=a HTTP/1.1"}" ${parts.status ?? "200"} ${parts.bytes ?? "2048"} ` +
    `"${parts.referer ?? "https://news.example/today"}" "${parts.userAgent ?? "curl/8.5.0"}"`
  );
}

export function s3Line(
  parts: { client?: string; request?: string; status?: string; userAgent?: string; tail?: string } = {},
): string {
  const owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
  const tail =
    parts.tail ??
    "- s9lzHYrFp76ZVxRc= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader pictures.s3.eu-west-1.amazonaws.com TLSv1.2 - Yes";
  return (
    `${owner} pictures [01/Oct/2026:12:00:00 +0000] ${parts.client ?? "198.51.100.14"} ${owner} 3E57427F3EXAMPLE ` +
    `REST.GET.OBJECT cats/1.jpg "${parts.request ?? "GET /pictures/cats/1.jpg?x=1 HTTP/1.1"}" ${parts.status ?? "200"} - ` +
    `2048 4096 38 21 "https://news.example/today" "${parts.userAgent ?? "curl/8.5.0"}" ${tail}`
  );
}
