/**
 * What AWS WAF answers in place of the origin where no rule says otherwise, by the action that its logs name.
 *
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-action.html
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
 */
export const STOP_STATUS = { BLOCK: 403, CHALLENGE: 202, CAPTCHA: 405 } as const;
