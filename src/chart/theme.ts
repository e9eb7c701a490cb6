/** Sizes are for an image that Slack shows at about 40 % of its width. */
export const SIZE = { widthPx: 1_600, heightPx: 720, marginPx: 44, titlePx: 36, labelPx: 26 } as const;

/** Colours that stay apart for colour-blind readers and in grey. */
export const COLOUR = {
  paper: "#ffffff",
  ink: "#1d1c1d",
  muted: "#616061",
  grid: "#e8e8ea",
  axis: "#b9babd",
  requests: "#1264a3",
  guilty: "#e8912d",
  guiltyEdge: "#b45f06",
  usual: "#6b6f76",
  onset: "#b3123f",
  spike: "#fdf1f4",
  doubt: "#f8d9e1",
  action: "#007a5a",
} as const;
