import type { NamedFormat } from "../../domain/log-formats.ts";

const ALB_TAIL =
  'ECDHE-RSA-AES128-GCM-SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/1 "Root=1-67" "shop.example" "session-reused" 1';
const COMBINED =
  '[01/Oct/2026:12:00:00 +0000] "GET /search?q=tea HTTP/1.1" 200 2048 "https://news.example/today" "Mozilla/5.0 (X11; Linux)"';
const CLOUDFRONT_NAMES =
  "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end";

/** The start of a file of each format, made up: the usual line of it, with every field that it can have. */
export const FORMAT_EXAMPLES: Readonly<Record<NamedFormat, readonly string[]>> = {
  alb: [
    `https 2026-10-01T12:00:00.500000Z app/shop/50dc6c495c0c9188 198.51.100.14:4711 10.0.0.7:8080 0.001 0.041 0.000 200 200 512 2048 "GET https://shop.example:443/search?q=tea HTTP/2.0" "Mozilla/5.0 (X11; Linux)" ${ALB_TAIL} 2026-10-01T12:00:00.458000Z "forward" "-" "-" "10.0.0.7:8080" "200" "-" "-" TID_1`,
  ],
  "alb-connection": [
    '2026-10-01T12:00:00.000000Z 198.51.100.14 4711 443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.005 "-" - - Success TID_1',
  ],
  "alb-health-check": [
    "http 2026-10-01T12:00:00.000000Z 0.003 10.0.0.7:8080 shop-targets PASS 200 - app/shop/50dc6c495c0c9188 10.0.0.2",
  ],
  clb: [
    '2026-10-01T12:00:00.500000Z shop 198.51.100.14:4711 10.0.0.7:8080 0.001 0.041 0.000 200 200 512 2048 "GET https://shop.example:443/search?q=tea HTTP/1.1" "Mozilla/5.0 (X11; Linux)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2',
  ],
  nlb: [
    "tls 2.0 2026-10-01T12:00:05 net/shop/50dc6c495c0c9188 1ab2 198.51.100.14:4711 10.0.0.7:8443 5000 12 512 2048 - arn:aws:acm:eu-west-1:123456789012:certificate/1 - ECDHE-RSA-AES128-GCM-SHA256 tlsv12 - shop.example h2 h2 - 2026-10-01T12:00:00",
  ],
  "alb-vended": [
    '{"type":"https","time":"2026-10-01T12:00:00.500000Z","elb":"app/shop/50dc6c495c0c9188","client_port":"198.51.100.14:4711","target_port":"10.0.0.7:8080","request_processing_time":0.001,"target_processing_time":0.041,"response_processing_time":0,"elb_status_code":200,"sent_bytes":2048,"request_line":"GET https://shop.example:443/search?q=tea HTTP/2.0","user_agent":"Mozilla/5.0 (X11; Linux)","ssl_protocol":"TLSv1.3","domain_name":"shop.example","request_creation_time":"2026-10-01T12:00:00.458000Z"}',
  ],
  "alb-connection-vended": [
    '{"time":"2026-10-01T12:00:00.000000Z","client_ip":"198.51.100.14","client_port":4711,"listener_port":443,"tls_protocol":"TLSv1.3","tls_cipher":"TLS_AES_128_GCM_SHA256","tls_handshake_latency":0.005,"conn_trace_id":"TID_1","elb":"app/shop/50dc6c495c0c9188"}',
  ],
  "alb-health-check-vended": [
    '{"type":"http","time":"2026-10-01T12:00:00.000000Z","latency":0.003,"target_addr":"10.0.0.7:8080","target_group_id":"shop-targets","status":"PASS","status_code":200,"reason_code":"-","elb":"app/shop/50dc6c495c0c9188","ip_address":"10.0.0.2"}',
  ],
  "nlb-vended": [
    '{"type":"tls","version":"2.0","time":"2026-10-01T12:00:05","elb":"net/shop/50dc6c495c0c9188","client_port":"198.51.100.14:4711","destination_port":"10.0.0.7:8443","connection_time":5000,"sent_bytes":2048,"tls_protocol_version":"tlsv12","domain_name":"shop.example","alpn_fe_protocol":"h2","tls_connection_creation_time":"2026-10-01T12:00:00"}',
  ],
  cloudfront: [
    "#Version: 1.0",
    `#Fields: ${CLOUDFRONT_NAMES}`,
    "2026-10-01\t12:00:01\tFRA56-P2\t2048\t198.51.100.14\tGET\td111111abcdef8.cloudfront.net\t/search\t200\thttps://news.example/today\tMozilla/5.0%20(X11;%20Linux)\tq=tea\t-\tMiss\tid==\tshop.example\thttps\t512\t0.250\t203.0.113.9\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tMiss\tHTTP/2.0\t-\t-\t4711\t0.200\tMiss\ttext/html\t-\t-\t-",
  ],
  "cloudfront-json": [
    '{"date":"2026-10-01","time":"12:00:01","x-edge-location":"FRA56-P2","sc-bytes":"2048","c-ip":"198.51.100.14","cs-method":"GET","cs(Host)":"d111111abcdef8.cloudfront.net","cs-uri-stem":"/search","sc-status":"200","cs(Referer)":"https://news.example/today","cs(User-Agent)":"Mozilla/5.0%20(X11;%20Linux)","cs-uri-query":"q=tea","x-edge-result-type":"Miss","x-host-header":"shop.example","cs-protocol":"https","time-taken":"0.250","x-forwarded-for":"203.0.113.9","ssl-protocol":"TLSv1.3","time-to-first-byte":"0.200","origin-lbl":"0.180"}',
  ],
  "s3-access": [
    '79a5 media [01/Oct/2026:12:00:00 +0000] 198.51.100.14 - 3E57427F3 REST.GET.OBJECT tea.jpg "GET /media/tea.jpg?versionId=x HTTP/1.1" 200 - 2048 2048 41 12 "https://shop.example/" "Mozilla/5.0 (X11; Linux)" - hostid= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader media.s3.eu-west-1.amazonaws.com TLSv1.3 - -',
  ],
  "s3-access-json": [
    '{"bucket_name":"media","request_time":"2026-10-01T12:00:00.125Z","remote_ip":"198.51.100.14","operation":"REST.GET.OBJECT","key_name":"tea.jpg","request_uri":"GET /media/tea.jpg?versionId=x HTTP/1.1","http_status":200,"bytes_sent_size":2048,"total_duration":41,"turn_around_duration":12,"referer":"https://shop.example/","user_agent":"Mozilla/5.0 (X11; Linux)","host_header":"media.s3.eu-west-1.amazonaws.com","tls_version":"TLSv1.3"}',
  ],
  waf: [
    '{"timestamp":1790856000000,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/47634e95","action":"BLOCK","responseCodeSent":403,"httpRequest":{"clientIp":"198.51.100.14","country":"DE","headers":[{"name":"Host","value":"shop.example"},{"name":"User-Agent","value":"Mozilla/5.0 (X11; Linux)"},{"name":"Referer","value":"https://news.example/today"},{"name":"X-Forwarded-For","value":"203.0.113.9"}],"uri":"/search","args":"q=tea","httpMethod":"GET","scheme":"https"}}',
  ],
  "nginx-timing": [`198.51.100.14 - - ${COMBINED} rt=0.250 uct="0.002" uht="0.200" urt="0.240"`],
  "ingress-nginx": [`198.51.100.14 - - ${COMBINED} 512 0.250 [shop-web-80] [] 10.0.0.7:8080 2048 0.240 200 5f3c1d`],
  "nginx-combined-xff": [`10.0.0.1 - - ${COMBINED} "203.0.113.9"`],
  "nginx-combined": [`198.51.100.14 - - ${COMBINED}`],
  "apache-vhost-combined": [`shop.example:443 198.51.100.14 - - ${COMBINED}`],
  "apache-combined": [`client-14.example - - ${COMBINED}`],
  "apache-common": ['198.51.100.14 - - [01/Oct/2026:12:00:00 +0000] "GET /search?q=tea HTTP/1.1" 200 2048'],
  caddy: [
    '{"level":"info","ts":1790856000.25,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","client_ip":"198.51.100.14","method":"GET","host":"shop.example","uri":"/search?q=tea","headers":{"User-Agent":["Mozilla/5.0 (X11; Linux)"],"Referer":["https://news.example/today"],"X-Forwarded-For":["203.0.113.9"]},"tls":{"version":772}},"duration":0.25,"size":2048,"status":200}',
  ],
  "traefik-json": [
    '{"ClientAddr":"198.51.100.14:4711","ClientHost":"198.51.100.14","DownstreamContentSize":2048,"DownstreamStatus":200,"Duration":250000000,"OriginDuration":240000000,"RequestAddr":"shop.example","RequestHost":"shop.example","RequestMethod":"GET","RequestPath":"/search?q=tea","RequestScheme":"https","ServiceAddr":"10.0.0.7:8080","StartUTC":"2026-10-01T12:00:00.000000000Z","TLSVersion":"1.3","request_Referer":"https://news.example/today","request_User-Agent":"Mozilla/5.0 (X11; Linux)","request_X-Forwarded-For":"203.0.113.9"}',
  ],
  "traefik-clf": [`198.51.100.14 - - ${COMBINED} 502 "shop@docker" "http://10.0.0.7:8080" 250ms`],
  haproxy: [
    'Oct  1 12:00:00 lb-1 haproxy[4711]: 198.51.100.14:4711 [01/Oct/2026:12:00:00.000] https-in~ shop/web-7 20/5/10/150/200 200 2048 - - ---- 1/1/1/1/0 0/0 "GET https://shop.example/search?q=tea HTTP/2.0"',
  ],
  "envoy-json": [
    '{"start_time":"2026-10-01T12:00:00.000Z","downstream_remote_address":"198.51.100.14:4711","x-forwarded-for":"203.0.113.9","method":"GET",":authority":"shop.example","path":"/search?q=tea","scheme":"https","response_code":200,"response_flags":"-","bytes_sent":2048,"duration":250,"x-envoy-upstream-service-time":"240","user-agent":"Mozilla/5.0 (X11; Linux)","referer":"https://news.example/today","downstream_tls_version":"TLSv1.3","upstream_host":"10.0.0.7:8080"}',
  ],
  envoy: [
    '[2026-10-01T12:00:00.000Z] "GET /search?q=tea HTTP/1.1" 200 - via_upstream - "-" 154 2048 250 240 "203.0.113.9" "Mozilla/5.0 (X11; Linux)" "cc21d9b0" "shop.example" "10.0.0.7:8080" outbound|80||shop 10.0.0.2:41 10.0.0.3:80 198.51.100.14:4711 - default',
  ],
};
