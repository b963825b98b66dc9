// Which values a list of members may hold, in whatever form it comes: a preview that is shown can be applied.

import { isDay } from '../base/time.ts';

/** The database takes no NUL and no half of a pair (Unicode ch. 3, D84). */
export const isText = (text: string): boolean => !/\u0000|\p{Surrogate}/u.test(text);
export const textWanted = 'must hold no NUL and no half of a character';

/** A day that has a day before it: what stands until now may have to end on its eve. */
export const isSpanDay = (text: string): boolean => isDay(text) && text > '0001-01-01';
