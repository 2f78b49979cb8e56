/**
 * net: links to other devices, and many streams over one link.
 *
 * Guarantees: whatever carries it, a link is ordered and reliable until its end, and its end is told once.
 */
export { closeCodes, type Link, type LinkEnd, type LinkReceiver } from './link.ts';
