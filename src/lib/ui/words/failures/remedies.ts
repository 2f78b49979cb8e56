/** What a button beside a failure does, in words. */
export const tryAgain = { does: 'try-again', title: 'Try again' } as const;
export const reload = { does: 'reload', title: 'Reload' } as const;
export const reconnect = { does: 'reconnect', title: 'Reconnect' } as const;
export const restore = { does: 'restore', title: 'Restore from a backup' } as const;
export const goHome = { does: 'go-home', title: 'All folders' } as const;
