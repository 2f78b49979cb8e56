type Page = Pick<Location, 'protocol' | 'host'>;

/** Where the peer that this page came from takes links: the one computer that a page may call. */
export function pageAddress({ protocol, host }: Page): string {
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/link`;
}

/** Whether what was typed is a link, which says by itself where the other device is. */
export function isLink(text: string): boolean {
	return text.includes('#');
}
