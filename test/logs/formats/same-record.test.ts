import { describe, expect, it } from "@jest/globals";
import type { LogFormat, ObjectFormat } from "../../../src/logs/formats/format.ts";
import { formatNamed } from "../../../src/logs/formats/index.ts";
import { readLine } from "../../support/read-line.ts";

const QUOTED =
  /^(request_line|user_agent|trace_id|domain_name|chosen_cert_arn|actions_executed|redirect_url|error_reason|target_port_list|target_status_code_list|classification|classification_reason|transformed_\w+|request_transform_status|leaf_client_cert_subject|request_uri|referer)$/;

const ALB = `type=https time=2026-10-01T12:00:00.100000Z elb=app/shop/50dc6c495c0c9188
  client_port=2001:db8:4538:1:bcf4:5264:e01c:f215:50718 target_port=10.0.0.7:8080 request_processing_time=0.001
  target_processing_time=0.098 response_processing_time=0.000 elb_status_code=200 target_status_code=200
  received_bytes=34 sent_bytes=2048 request_line=GET_https://Shop.example:443/search?q=a\\x22b_HTTP/2.0
  user_agent=say_\\x22hi\\x22_\\xff ssl_cipher=- ssl_protocol=TLSv1.3 target_group_arn=- trace_id=-
  domain_name=other.example chosen_cert_arn=- matched_rule_priority=0 request_creation_time=2026-10-01T12:00:00.000999Z
  actions_executed=forward redirect_url=- error_reason=- target_port_list=- target_status_code_list=- classification=-
  classification_reason=- conn_trace_id=TID_1 transformed_host=- transformed_uri=- request_transform_status=-`;

const CONNECTION = `time=2026-10-01T12:00:00.100000Z client_ip=198.51.100.14 client_port=51234 listener_port=443
  tls_protocol=TLSv1.3 tls_cipher=- tls_handshake_latency=0.337 leaf_client_cert_subject=- leaf_client_cert_validity=-
  leaf_client_cert_serial_number=- tls_verify_status=Success conn_trace_id=TID_1`;

const HEALTH_CHECK = `type=http time=2026-10-01T12:00:00.250000Z latency=0.25 target_addr=10.0.0.7:8080
  target_group_id=web/73e2d6bc24d8a067 status=PASS status_code=200 reason_code=- elb=app/shop/50dc6c495c0c9188
  ip_address=192.0.2.57`;

const NLB = `type=tls version=2.0 time=2026-10-01T12:00:05 elb=net/shop/c6e77e28c25b2234 listener=g3d4b5e8bb8464cd
  client_port=2001:db8::7:51341 destination_port=10.0.0.7:443 connection_time=5000 tls_handshake_time=2
  received_bytes=98 sent_bytes=246 incoming_tls_alert=- chosen_cert_arn=- chosen_cert_serial=- tls_cipher=-
  tls_protocol_version=tlsv12 tls_keyexchange=- domain_name=Shop.example alpn_fe_protocol=- alpn_be_protocol=-
  alpn_client_preference_list=- tls_connection_creation_time=2026-10-01T12:00:00`;

/** `_` stands for a blank in quoted fields. */
function fieldsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      return [name, QUOTED.test(name) ? value.replaceAll("_", " ") : value];
    }),
  );
}

describe("one request gives one record, however it is logged", () => {
  it.each([
    ["alb", "alb-vended", ALB],
    ["alb-connection", "alb-connection-vended", CONNECTION],
    ["alb-health-check", "alb-health-check-vended", HEALTH_CHECK],
    ["nlb", "nlb-vended", NLB],
  ] as const)("%s, as text, as JSON and as a table", (name, vendedName, text) => {
    const fields = fieldsOf(text);
    const vended = formatNamed(vendedName) as ObjectFormat;
    const line = Object.entries(fields)
      .map(([field, value]) => (QUOTED.test(field) && name !== "nlb" ? `"${value}"` : value))
      .join(" ");
    const header = `#Fields: ${Object.keys(fields).join(" ")}`;
    const row = Object.values(fields).join("\t");
    const { node, ...record } = readLine(formatNamed(name), line) ?? { node: null };

    expect(formatNamed(name).recognises(line)).toBe(true);
    expect(record).toMatchObject({ client: expect.any(String) });
    const others = [vended.readObject(fields), vended.open([header, row]).read(row)];
    for (const other of others) expect(other).toMatchObject(record);
    if (node !== null) for (const other of others) expect(other).toMatchObject({ node });
  });

  it("S3's, as text and as JSON", () => {
    const line =
      'owner media [01/Oct/2026:12:00:00 +0000] 198.51.100.14 - id REST.GET.OBJECT a.jpg "GET /media/a.jpg?x=1 HTTP/1.1" 206 - 2048 9000 41 12 "-" "aws sdk" - host SigV4 cipher AuthHeader media.s3.amazonaws.com TLSv1.3 - -';
    const object = {
      bucket_name: "media",
      request_time: "2026-10-01T12:00:00.000Z",
      remote_ip: "198.51.100.14",
      request_uri: "GET /media/a.jpg?x=1 HTTP/1.1",
      http_status: 206,
      bytes_sent_size: 2048n,
      total_duration: 41,
      turn_around_duration: 12,
      referer: null,
      user_agent: "aws sdk",
      host_header: "media.s3.amazonaws.com",
      tls_version: "TLSv1.3",
    };

    expect((formatNamed("s3-access-json") as ObjectFormat).readObject(object)).toEqual(
      readLine(formatNamed("s3-access"), line),
    );
  });

  it.each([
    ["%2520", "%20"],
    ["caf%C3%A9%FF", "café%FF"],
    ["%C3%BC%ED%A0%80%", "ü%ED%A0%80%"],
  ])("CloudFront's %s is %s in rows and objects", (logged, path) => {
    const names = ["date", "time", "c-ip", "cs-uri-stem", "x-edge-location"];
    const values = ["2026-10-01", "12:00:00", "192.0.2.1", logged, "FRA56-P2"];
    const table: LogFormat = formatNamed("cloudfront");
    const object = Object.fromEntries(names.map((name, index) => [name, values[index]]));

    expect(table.open([`#Fields: ${names.join(" ")}`]).read(values.join("\t"))).toMatchObject({ path });
    expect((formatNamed("cloudfront-json") as ObjectFormat).readObject(object)).toMatchObject({ path });
  });
});
