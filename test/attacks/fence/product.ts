import type { FenceScheme } from './schemes.ts';

/** The product's own fences. Without any, its cells have no hole to find, and its documents say that no fence is offered. */
export const PRODUCT_SCHEMES: readonly FenceScheme[] = [];
