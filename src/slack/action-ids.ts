/** What buttons and modals are called: the views name them, the commands answer to them. */
export const ACTION = {
  approve: "approve",
  refuse: "refuse",
  withdraw: "withdraw",
  breakGlass: "break-glass",
  undo: "undo",
  retry: "retry",
  extend: "extend",
  preview: "preview",
  restoreCapacity: "restore-capacity",
  keepCapacity: "keep-capacity",
  blockForm: "block-form",
  scaleForm: "scale-form",
  declareForm: "declare-form",
  cancel: "cancel",
  cancelTop: "cancel-top",
  topAddresses: "top-addresses",
  topPaths: "top-paths",
  only: "only",
  without: "without",
  resolve: "resolve",
  timeline: "timeline",
  postmortem: "postmortem",
} as const;

export const FORM = {
  block: "block",
  scale: "scale",
  declare: "declare",
  breakGlass: "break-glass",
} as const;
