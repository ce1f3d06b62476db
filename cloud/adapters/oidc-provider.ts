import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { IdentityProvider } from '../ports/identity-provider.ts';

export interface OidcOptions {
  /** As its discovery document names it; `http` only on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What is waited for the provider, seconds. */
const LATE_SECONDS = 10;

/** An OpenID provider, discovered when somebody first logs in by it: the cloud starts without it. */
export function oidcProvider({ issuer, clientId, clientSecret }: OidcOptions): IdentityProvider {
  let found: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    const server = new URL(issuer);
    const isHere = server.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(server.hostname);
    // The signature of tokens is checked too: else a connection to the provider that somebody else answers logs in as anybody.
    const execute = [enableNonRepudiationChecks, ...(isHere ? [allowInsecureRequests] : [])];
    found ??= discovery(server, clientId, clientSecret, undefined, { execute, timeout: LATE_SECONDS }).catch(
      (cause) => {
        found = undefined;
        throw cause;
      },
    );
    return found;
  };
  return {
    begin: async (returnTo) => {
      const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: returnTo,
        scope: 'openid',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, pending };
    },
    finish: async (returned, { state, nonce, verifier }) => {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      return authorizationCodeGrant(await configuration(), returned, checks)
        .then((tokens) => tokens.claims()?.sub)
        .catch(() => undefined);
    },
  };
}
