import { createHash } from 'node:crypto';
import { printHost } from '../host/own-addresses.ts';
import { fingerprintOf, type Certificates } from '../tls/certificates.ts';
import { pagePolicy } from './headers.ts';

export type BootstrapPage = {
	/** The Host header of the request, which is one that this peer answers under. */
	readonly host: string;
	readonly port: number;
	readonly certificates: Certificates | null;
};

/** Where the page gives out what a device has to trust first. */
export const rootPath = '/ca.crt';

const style = `
:root{color-scheme:light dark;--canvas:#eff5f6;--surface:#fdfefe;--sunk:#f4f7f8;--line:#d5dedf;--text:#182124;--quiet:#53605f;
--accent:#00697a;--on:#fff;--note:#fdf3dc}
@media(prefers-color-scheme:dark){:root{--canvas:#0d1416;--surface:#161e20;--sunk:#0f1719;--line:#2a3437;--text:#e6ebec;
--quiet:#a3afb1;--accent:#5fcad6;--on:#06181c;--note:#2e2717}}
*{box-sizing:border-box;margin:0;padding:0}
body{background:var(--canvas);color:var(--text);font:15px/1.55 Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;
padding:clamp(20px,6vw,72px) clamp(16px,5vw,40px);-webkit-text-size-adjust:none;text-size-adjust:none}
main{max-width:660px;margin:0 auto}
.name{display:flex;gap:10px;align-items:center;font-weight:620;margin-bottom:28px}
.name svg{display:block;width:30px;height:30px}
h1{font-size:clamp(24px,5.4vw,32px);line-height:1.2;font-weight:620;letter-spacing:-.015em;text-wrap:balance;margin-bottom:14px}
p{text-wrap:pretty;margin-bottom:12px}
.quiet{color:var(--quiet)}
h2{font-size:17px;line-height:1.35;font-weight:620;margin-bottom:6px}
ol.ways{list-style:none;counter-reset:way;margin-top:28px;display:grid;gap:14px}
ol.ways>li{counter-increment:way;background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:20px 22px 10px 58px;position:relative;
min-width:0}
ol.ways>li::before{content:counter(way);position:absolute;left:20px;top:20px;width:24px;height:24px;border-radius:50%;border:1px solid var(--line);
display:grid;place-items:center;font-size:13px;font-weight:620;color:var(--quiet)}
@media(max-width:520px){ol.ways>li{padding:18px 16px 8px}ol.ways>li::before{left:16px;top:18px}h2{padding-left:34px;min-height:24px}}
ol.steps{padding-left:20px;margin-bottom:12px}
ol.steps li{margin-bottom:8px}
a{color:var(--accent);overflow-wrap:anywhere;text-underline-offset:3px}
a.button{display:inline-flex;align-items:center;min-height:44px;padding:8px 18px;border-radius:10px;background:var(--accent);color:var(--on);
font-weight:560;text-decoration:none;margin-bottom:4px}
a.second{background:none;color:var(--accent);border:1px solid var(--line)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code{font:13px/1.5 ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono',monospace;overflow-wrap:anywhere}
pre,.print{background:var(--sunk);border:1px solid var(--line);border-radius:10px;padding:10px 12px;margin-bottom:12px;white-space:pre-wrap}
.print code{letter-spacing:.02em}
p code{white-space:nowrap}
.print code{white-space:normal}
details{margin-bottom:12px}
summary{cursor:pointer;color:var(--accent);min-height:32px;align-content:center}
dl{margin:6px 0 0}
dt{font-weight:560}
dd{margin-bottom:8px;color:var(--quiet)}
.note{background:var(--note);border-radius:10px;padding:10px 14px}
@media(forced-colors:active){a.button{border:1px solid ButtonText}}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Rules the page: its own style, by its hash, and nothing else at all. */
export const bootstrapPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; ${pagePolicy}`;

const escapes: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (letter) => escapes[letter] ?? '');

const mark = `<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="15" fill="#0c4653"/>
<circle cx="32" cy="32" r="16" fill="#58c5be"/><g fill="none" stroke="#fdf3dc" stroke-linecap="round"><path
d="M41.1 15.9A18.5 18.5 0 1 0 50.46 33.3" stroke-width="7"/><path d="M48.3 23.24v.01" stroke-width="6"/></g></svg>`;

const trusting = `<details><summary>How to trust it, step by step</summary><dl>
<dt>iPhone and iPad</dt><dd>Download it in Safari. Settings → General → VPN &amp; Device Management: install the profile. Then
Settings → General → About → Certificate Trust Settings: switch it on. Both are needed.</dd>
<dt>Android</dt><dd>Download it. Settings → Security → More → Encryption &amp; credentials → Install a certificate → CA certificate.</dd>
<dt>Windows</dt><dd>Open the file → Install Certificate → Current User → place it in “Trusted Root Certification Authorities”.</dd>
<dt>macOS</dt><dd>Open the file: Keychain Access takes it. Double-click it there → Trust → Always Trust.</dd>
<dt>Linux, Chrome</dt><dd>chrome://certificate-manager → Local certificates → Custom → Trusted certificates → Import.</dd>
</dl></details>`;

/** Without the square brackets and the port. */
const hostOf = (host: string) => host.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '').toLowerCase();

function secureAddresses({ host, port, certificates }: BootstrapPage): readonly string[] {
	const names = certificates?.names() ?? [];
	const asked = hostOf(host);
	if (names.includes(asked)) return [`https://${host}/`];
	const outer = names.filter((name) => !['localhost', '127.0.0.1', '::1'].includes(name));
	return outer.map((name) => `https://${printHost(name)}:${port}/`);
}

const links = (addresses: readonly string[], kind: string) =>
	addresses.map((address) => `<p><a class="button ${kind}" href="${escape(address)}">Open ${escape(address)}</a></p>`);

function localAuthority(root: string, addresses: readonly string[]): string {
	return `<li><h2>Trust this machine once, then open it securely</h2>
<p>This machine has made a certificate authority of its own. It can speak for names and addresses of home networks only, for no site
of the internet. Each device that trusts it runs all of Atoll, also while this machine is off.</p>
<ol class="steps"><li>Download the certificate.</li><li>Compare its fingerprint (SHA-256) with the one that Atoll has said where it was
started. If they differ, somebody is between you and this machine: stop here.</li><li>Tell this device to trust it, and open the address
below.</li></ol>
<p><a class="button" href="${rootPath}">Download the certificate</a></p>
<p class="print"><code>${escape(fingerprintOf(root))}</code></p>
${trusting}${links(addresses, 'second').join('\n')}</li>
<li><h2>Or go on past the browser’s warning</h2>
<p>Open the address above and accept the warning: that works online only. The app is gone whenever this machine cannot be reached, cannot
be installed, and nobody has checked who answers.</p></li>`;
}

/** A name with a real certificate, where this peer has one; and how to come to one. */
function realName(addresses: readonly string[], isReal: boolean, port: number): string {
	if (isReal) return `<li><h2>Open the secure address</h2>${links(addresses, '').join('\n')}</li>`;
	return `<li><h2>Give this machine a real name with a real certificate</h2>
<p>Best where you can: nothing has to be trusted by hand. With Tailscale on this machine and on your devices, run there</p>
<pre><code>tailscale serve --bg ${port}</code></pre>
<p>or put Caddy or another proxy with a certificate before it; and name the host in <code>ATOLL_HOST_NAMES</code>. Or give Atoll a
certificate that you have, with <code>--tls-cert</code> and <code>--tls-key</code>.</p></li>`;
}

const ownMachine = (port: number) => `<li><h2>Use it on the machine itself</h2>
<p>There <code>http://localhost:${port}</code> is fine as it is. From another computer with a login on it:</p>
<pre><code>ssh -L ${port}:localhost:${port} user@machine</code></pre>
<p>and then open <code>http://localhost:${port}</code> here.</p></li>`;

const offerAuthority = `<li><h2>Let this machine make its own certificate</h2>
<p>Start it with <code>--tls local-ca</code> and open this page again: it then says how a phone or computer comes to trust it, once.</p></li>`;

/**
 * What plain http shows instead of the app: why it does not start here, and the ways in. It loads nothing, runs nothing and
 * knows nothing of a library.
 */
export function bootstrapPage(page: BootstrapPage): string {
	const { port, certificates } = page;
	const root = certificates?.root ?? null;
	const addresses = secureAddresses(page);
	const isReal = certificates !== null && root === null;
	const ways = [
		realName(addresses, isReal, port),
		isReal ? '' : root === null ? offerAuthority : localAuthority(root, addresses),
		ownMachine(port)
	];
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>Atoll needs a secure address</title>
<style>${style}</style></head><body><main>
<div class="name">${mark}Atoll</div>
<h1>Atoll is here, but it needs a secure address</h1>
<p>Atoll keeps your library encrypted in the browser itself. Browsers lend the storage and the encryption for that only to pages that
come over <strong>https</strong>, and this one came over plain http, where anybody on the way could change it.</p>
<p class="quiet">So the app was not loaded. Nothing of your library is in this page.</p>
<ol class="ways">${ways.join('\n')}</ol>
</main></body></html>
`;
}
