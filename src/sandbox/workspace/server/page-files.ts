import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { bundlePage, type PageBundle } from "./page-bundle.ts";

const FONTS: Readonly<Record<string, string>> = {
  "400.ttf": "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  "500.ttf": "@expo-google-fonts/inter/500Medium/Inter_500Medium.ttf",
  "700.ttf": "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf",
  "900.ttf": "@expo-google-fonts/inter/900Black/Inter_900Black.ttf",
};

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spillway sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
</head>
<body><div id="root"></div><script src="/page.js"></script></body>
</html>
`;

/** Serves the page, its script, its style and its fonts; false where the path is none of them. */
export type PageFiles = (path: string, response: ServerResponse) => Promise<boolean>;

/** Bundles once, when the page is first asked for: what needs no page does not wait for one. */
export function createPageFiles(): PageFiles {
  let bundle: Promise<PageBundle> | null = null;
  const bundled = () => {
    bundle ??= bundlePage();
    return bundle;
  };
  return async (path, response) => {
    const font = FONTS[path.replace("/fonts/", "")];
    if (path === "/") send(response, "text/html; charset=utf-8", HTML);
    else if (path === "/page.js") send(response, "text/javascript; charset=utf-8", (await bundled()).script);
    else if (path === "/page.css") send(response, "text/css; charset=utf-8", (await bundled()).style);
    else if (font !== undefined) {
      send(response, "font/ttf", await readFile(createRequire(import.meta.url).resolve(font)), "max-age=86400");
    } else return false;
    return true;
  };
}

function send(response: ServerResponse, type: string, body: string | Buffer, cacheControl = "no-store"): void {
  response.writeHead(200, {
    "content-type": type,
    "cache-control": cacheControl,
    "x-content-type-options": "nosniff",
    // Everything is served from here; nothing may be fetched from elsewhere.
    "content-security-policy":
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'",
  });
  response.end(body);
}
