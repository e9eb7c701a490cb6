import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";

const ROOT = join(import.meta.dirname, "..", "..");
/** Long enough for a slow machine; what is awaited comes by events, so nothing waits without need. */
const PATIENCE_MS = 15_000;

/** Somebody before the sandbox's page, in a browser of a usual size. */
export interface Desk {
  readonly page: Page;
  /** Types a line key by key, and sends it. */
  type(line: string): Promise<void>;
  /** The newest message that says this. */
  message(text: string): Locator;
  actAs(name: string): Promise<void>;
  /** Keeps what is on the screen in artefacts/, to be looked at. */
  picture(name: string): Promise<void>;
  /** Whom the page asked for something. */
  origins(): readonly string[];
  /** The errors in the browser's console. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** @param given.album the folder under artefacts/ for the pictures */
export async function openDesk(given: {
  readonly launch: () => Promise<Browser>;
  readonly url: string;
  readonly album: string;
}): Promise<Desk> {
  const folder = join(ROOT, "artefacts", given.album);
  mkdirSync(folder, { recursive: true });
  const browser = await given.launch();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const origins = new Set<string>();
  const complaints: string[] = [];
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (entry) => entry.type() === "error" && complaints.push(entry.text()));
  await page.goto(given.url);

  let taken = 0;
  return {
    page,
    type: async (line) => {
      await page.getByTestId("composer").pressSequentially(line);
      await page.keyboard.press("Enter");
    },
    message: (text) => page.getByTestId("message").filter({ hasText: text }).last(),
    actAs: async (name) => {
      await page.getByRole("radio", { name }).click();
      await page.getByRole("radio", { name, checked: true }).waitFor();
    },
    picture: async (name) => {
      taken += 1;
      const file = `${String(taken).padStart(2, "0")}-${name}.png`;
      await page.screenshot({ path: join(folder, file), animations: "disabled" });
    },
    origins: () => [...origins],
    complaints: () => complaints,
    close: () => browser.close(),
  };
}

/** The width in pixels of what an element shows as a picture, once it has loaded. */
export function pictureWidth(element: Locator): Promise<number> {
  return element.locator("img").evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth;
  });
}

/** Whether all of an element is on the screen, and nothing it scrolls in hides a part. */
export function isInSight(element: Locator): Promise<boolean> {
  return element.evaluate(
    (target) =>
      new Promise<boolean>((resolve) => {
        new IntersectionObserver(([entry], observer) => {
          observer.disconnect();
          resolve(entry?.intersectionRatio === 1);
        }).observe(target);
      }),
  );
}

/**
 * Draws the README's picture of a verdict anew, large enough for fine screens. Only where UPDATE_DOCS is set:
 * it differs each time, and a test must not change what is committed.
 */
export async function documentVerdict(desk: Desk, verdict: Locator): Promise<void> {
  if (!process.env["UPDATE_DOCS"]) return;
  const ts = await verdict.getAttribute("data-ts");
  const browser = desk.page.context().browser() as Browser;
  const page = await browser.newPage({ viewport: { width: 980, height: 1800 }, deviceScaleFactor: 1.75 });
  await page.goto(desk.page.url());
  const message = page.locator(`[data-ts="${ts}"]`);
  await pictureWidth(message.getByTestId("image-block"));
  await message.screenshot({ path: join(ROOT, "docs", "verdict.png"), animations: "disabled" });
  await page.close();
}
