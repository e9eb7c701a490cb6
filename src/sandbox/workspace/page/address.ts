import { useEffect, useState } from "react";

/** Where in the workspace the page is; the address bar carries it. */
export type Address =
  | { readonly kind: "channel"; readonly channelId: string; readonly threadTs: string | null }
  | { readonly kind: "app"; readonly tab: "home" | "messages" };

export function parseAddress(hash: string): Address | null {
  const [, place = "", detail] = hash.replace(/^#/, "").split("/");
  if (place === "app") return { kind: "app", tab: detail === "messages" ? "messages" : "home" };
  return place === "" ? null : { kind: "channel", channelId: place, threadTs: detail ?? null };
}

export function formatAddress(address: Address): string {
  if (address.kind === "app") return `#/app/${address.tab}`;
  return `#/${address.channelId}${address.threadTs === null ? "" : `/${address.threadTs}`}`;
}

/** The address bar's address, null where it says nothing. */
export function useAddress(): Address | null {
  const [address, setAddress] = useState(() => parseAddress(location.hash));
  useEffect(() => {
    const follow = () => setAddress(parseAddress(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return address;
}

export function goTo(address: Address): void {
  location.hash = formatAddress(address);
}
