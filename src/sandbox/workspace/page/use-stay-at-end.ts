import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

/** This close to the end counts as being there. */
const NEAR_END_PX = 40;

/** For the element that scrolls, and for what is in it. */
export interface StayAtEnd {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
  /** Goes back to the end: whoever says something waits for the answer there. */
  readonly toEnd: () => void;
}

/**
 * Keeps a list at its end while it grows, until somebody scrolls up, and again
 * once they are back; begins anew at the end whenever the key changes.
 */
export function useStayAtEnd(key: string): StayAtEnd {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isStaying = useRef(true);
  const lastTop = useRef(0);

  const follow = useRef(() => {
    if (isStaying.current && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its end
  useLayoutEffect(() => {
    isStaying.current = true;
    follow.current();
  }, [key]);
  useEffect(() => {
    // Pictures load and messages change after they are drawn.
    const observer = new ResizeObserver(() => follow.current());
    if (list.current !== null) observer.observe(list.current);
    if (content.current !== null) observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  return {
    list,
    content,
    toEnd: () => {
      isStaying.current = true;
      follow.current();
    },
    onScroll: () => {
      const element = list.current;
      if (element === null) return;
      const isNearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
      // Growing moves the end away, but only a person moves up.
      if (isNearEnd) isStaying.current = true;
      else if (element.scrollTop < lastTop.current) isStaying.current = false;
      lastTop.current = element.scrollTop;
    },
  };
}
