// Runs before the router has looked at the address.
import { openedInvitation } from '#ui/library/opened-invitation.svelte.ts';

openedInvitation.watch();
