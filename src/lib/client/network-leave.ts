/** Newer Chromium asks for the machine itself and for the network around it by two names, older ones for both by one. */
function namesFor(host: string): readonly string[] {
	const isThisMachine = host.startsWith('127.') || host === '::1';
	return [isThisMachine ? 'loopback-network' : 'local-network', 'local-network-access'];
}

/**
 * Whether a person has let this page reach what is at an IP address around it (Local Network Access of Chromium); null in
 * a browser that does not ask.
 */
export async function networkLeave(host: string): Promise<PermissionStatus | null> {
	for (const name of namesFor(host)) {
		try {
			// What TypeScript does not know of yet; a browser that does not know a name rejects.
			return await navigator.permissions.query({ name: name as PermissionName });
		} catch {}
	}
	return null;
}
