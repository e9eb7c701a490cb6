const PATHS = {
  hash: "M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  home: "M3 9.5 10 3.5l7 6V17h-5v-4.5H8V17H3Z",
  messages: "M3 4.5h14v9H9l-4 3v-3H3Z",
  send: "M3 3.5 17 10 3 16.5 5 10ZM5 10h6",
  smile: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7.5 8v.6M12.5 8v.6M6.8 11.6a3.7 3.7 0 0 0 6.4 0",
  reply: "M3 4h14v9.5H10L6 16.5v-3H3ZM6.5 7.5h7M6.5 10.2h4.5",
  more: "M10 5v.1M10 10v.1M10 15v.1",
  close: "m5 5 10 10M15 5 5 15",
  back: "M12 4.5 6.5 10l5.5 5.5",
  down: "m5.5 8 4.5 4.5L14.5 8",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  download: "M10 3v9m-3.5-3L10 12.5 13.5 9M4 16.5h12",
  expand: "M11.5 3.5h5v5M8.5 16.5h-5v-5M16.5 3.5l-5.5 5.5M3.5 16.5 9 11",
  file: "M5 2.5h6.5l3.5 3.5v11.5H5ZM11.5 2.5v4H15",
  search: "M8.5 3.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10M12.3 12.3l4.2 4.2",
  at: "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm3 0v4.3a2 2 0 0 0 4 0V10a7 7 0 1 0-3 5.7",
  slash: "M12.5 4.5 7.5 15.5M4 3.5h12a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1",
  bold: "M6 4h4.5a3 3 0 0 1 0 6H6Zm0 6h5.2a3.1 3.1 0 0 1 0 6.2H6Z",
  italic: "M8.5 4h5M6.5 16h5M11.5 4l-3 12",
  strike:
    "M13.8 6.5C13.3 4.8 11.8 4 10 4 7.8 4 6.3 5.2 6.3 7c0 3.8 7.7 2.2 7.7 6 0 1.8-1.7 3-4 3-2.2 0-3.7-1-4.2-2.8M3.5 10h13",
  code: "m7 6-4 4 4 4M13 6l4 4-4 4",
  check: "m4.5 10.5 3.8 3.8 7.2-8.3",
  warning: "M10 3.5 17.5 16.5h-15ZM10 8.5v3.5M10 14v.1",
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing; what it is on says what it means. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
