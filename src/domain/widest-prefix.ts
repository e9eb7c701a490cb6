/** How wide a block may be; a wider one hits people who have nothing to do with the spike. */
export const WIDEST_PREFIX = { 4: 24, 6: 48 } as const;
