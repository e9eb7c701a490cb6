import { useEffect, useState } from "react";

/** The text of a file; empty until it is there. */
export function useFileText(url: string): string {
  const [text, setText] = useState("");
  useEffect(() => {
    const abort = new AbortController();
    fetch(url, { signal: abort.signal })
      .then((response) => response.text())
      .then(setText)
      .catch((err: unknown) => {
        if (!abort.signal.aborted) setText(`This file could not be read: ${String(err)}`);
      });
    return () => abort.abort();
  }, [url]);
  return text;
}
