/** Whether the longer tier runs (`npm run test:nightly`): longer random walks, larger trees, and the slow controls. */
export const isNightly = process.env['ATOLL_TIER'] === 'nightly';
