type Page = Pick<Location, 'protocol' | 'host'>;

/** Where the peer that this page came from takes links: the one computer that a page may call. */
export function pageAddress({ protocol, host }: Page): string {
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/link`;
}

/** Whether the page came from this computer, under a name that means another one elsewhere. */
export function isOwnComputer({ hostname }: Pick<Location, 'hostname'>): boolean {
	return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Whether what was typed is a link, which says by itself where the other device is. */
export function isLink(text: string): boolean {
	return text.includes('#');
}
