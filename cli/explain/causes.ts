/**
 * Every cause that `ops explain` can name, with what to change. The list is closed: docs/explain.md documents each, and a test
 * holds the two together.
 */
export const CAUSES = {
  accepted: ['Nothing is wrong: the delivery is accepted.', 'Nothing.'],
  body_reserialised: [
    'The body was parsed and written again on its way: it is the same JSON in other bytes.',
    'Pass the raw bytes on, before any framework parses them.',
  ],
  body_newline: [
    'A line break at the end of the body was added or removed.',
    'Pass the raw bytes on; save them with no editor.',
  ],
  body_line_ends: [
    'The line breaks of the body were changed between LF and CRLF.',
    'Pass the raw bytes on, in binary mode.',
  ],
  body_bom: ['A byte order mark at the start of the body was added or removed.', 'Pass the raw bytes on.'],
  body_charset: [
    'The body was converted to another character set.',
    'Pass the raw bytes on; decode no text before it is verified.',
  ],
  body_compressed: [
    'The body was compressed after it was signed, and comes compressed.',
    'Send it as it was signed, or let the proxy restore it.',
  ],
  body_base64: ['The body was base64-encoded or decoded on its way.', 'Have the integration treat the body as binary.'],
  body_quoted: [
    'The body was wrapped into a JSON string, or taken out of one.',
    'Send the document itself, not a string that holds it.',
  ],
  body_url_encoded: ['The body was URL-encoded or decoded on its way.', 'Send the body as JSON, not as a form.'],
  body_empty: [
    'The signature is of an empty body: the body was lost when it was signed, or put in later.',
    'Sign the bytes that are sent.',
  ],
  secret_version: [
    'It is signed with another version of the secret than those accepted now.',
    'Promote or restore that version, or have the provider sign with the current one.',
  ],
  secret_of_other_source: [
    'It is signed with the secret of another source.',
    'Register this source’s URL with its own secret, or send to the other source.',
  ],
  secret_blank: [
    'The secret is stored with a blank or a line break at an end, or was used with one.',
    'Store the secret again without it.',
  ],
  secret_quoted: ['The secret is stored in quotes, or was used with them.', 'Store the secret without quotes.'],
  secret_json: ['The secret is stored inside JSON.', 'Store the secret alone, not the JSON around it.'],
  secret_prefix: [
    'The secret’s prefix is there on one side and missing on the other.',
    'Store the secret exactly as the provider’s console shows it.',
  ],
  secret_encoding: [
    'The secret is base64 or hex, and one side uses its text while the other uses the bytes that it stands for.',
    'Store the form that the provider signs with.',
  ],
  secret_case: [
    'The secret is in another case than the one that signed.',
    'Store the secret exactly as the provider’s console shows it.',
  ],
  secret_unusable: [
    'The secret that is stored cannot be used by the provider’s scheme.',
    'Store the secret as the provider’s console shows it.',
  ],
  signature_encoding: [
    'The signature is written in another encoding than the provider documents.',
    'Send hex as hex, and base64 as base64.',
  ],
  signature_digest: ['The signature is made with another digest.', 'Sign with the digest that the provider documents.'],
  signature_prefix: [
    'The prefix or the form of the signature header is wrong.',
    'Send the header in the form that the provider documents.',
  ],
  signature_quoted: ['The signature header has quotes or blanks around its value.', 'Send the value alone.'],
  signature_cut: [
    'The signature header is cut off.',
    'Look for a limit on header sizes between the provider and the gateway.',
  ],
  signature_doubled: ['The signature header is there twice.', 'Find the proxy that adds or copies the header.'],
  signature_joined: ['Several signatures were joined into one header.', 'Find the proxy that joins headers.'],
  header_renamed: [
    'The signature or its timestamp is in a header of another name.',
    'Send the header under the name that the provider documents.',
  ],
  header_missing: [
    'A header that carries the signature or its timestamp did not arrive.',
    'Find the proxy that removes it, or turn signing on at the provider.',
  ],
  url_changed: [
    'The signature is of another URL.',
    'Set publicUrl of the source to the URL that is registered with the provider.',
  ],
  timestamp_unit: [
    'The timestamp is in another unit than the provider documents.',
    'Send the timestamp in the documented unit.',
  ],
  timestamp_outside_window: [
    'The signature is right, and its time is outside of the window.',
    'Set the clocks, or deliver sooner; for a request that was saved, give --at.',
  ],
  signature_malformed: [
    'The signature header is not in the form that the provider documents.',
    'Compare it with the provider’s page (docs/providers/).',
  ],
  token_claims: [
    'The token does not say what it must: issuer, audience, time or the hash of the body.',
    'Compare the options of the source with what is registered at the provider.',
  ],
  key_not_at_hand: [
    'The signature is checked with a key that the provider publishes, and that is not fetched here.',
    'Look at the verifier’s log for whether the key could be fetched.',
  ],
  other_provider: ['It is the signature of another provider.', 'Send it to a source of that provider.'],
  forged_or_unknown_secret: [
    'Forged, or signed with a secret that is not at hand.',
    'Compare the secret at the provider with the stored one; if they are the same, somebody forged it.',
  ],
} as const satisfies Record<string, readonly [sentence: string, change: string]>;

export type Cause = keyof typeof CAUSES;
