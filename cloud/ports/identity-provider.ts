/** What has to be remembered between sending somebody to the provider and their return. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** An OpenID provider: authorization code with PKCE. */
export interface IdentityProvider {
  /** Where somebody is sent. Rejects when the provider cannot be reached. */
  begin(returnTo: string): Promise<{ readonly url: string; readonly pending: PendingLogin }>;
  /** `sub` of the ID token once all of it was verified; undefined for anything else. */
  finish(returned: URL, pending: PendingLogin): Promise<string | undefined>;
}
