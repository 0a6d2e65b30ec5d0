import type { OperatedGateway } from '../ops/gateway.ts';

/**
 * A gateway whose parts are looked up once: a page asks again and again, and CloudFormation is not made for that. A part that could not
 * be found is looked up again.
 */
export function remembering(gateway: OperatedGateway): OperatedGateway {
  const clients = new Map<unknown, unknown>();
  return {
    ...gateway,
    outputOf: once((source, name) => gateway.outputOf(source, name)),
    resourceOf: once((source, part) => gateway.resourceOf(source, part)),
    client<Client>(Kind: Parameters<typeof gateway.client<Client>>[0]): Client {
      const known = clients.get(Kind) as Client | undefined;
      if (known !== undefined) return known;
      const made = gateway.client(Kind);
      clients.set(Kind, made);
      return made;
    },
  };
}

function once(look: (source: string, name: string) => Promise<string>): typeof look {
  const found = new Map<string, Promise<string>>();
  return (source, name) => {
    const key = JSON.stringify([source, name]);
    const known = found.get(key) ?? look(source, name);
    found.set(key, known);
    known.catch(() => found.delete(key));
    return known;
  };
}

/** Finds a gateway again after some milliseconds: a deployment, or another start, may have changed it meanwhile. */
export function rememberedFor(
  milliseconds: number,
  clock: () => number,
  find: () => Promise<OperatedGateway>,
): () => Promise<OperatedGateway> {
  let known: { readonly gateway: Promise<OperatedGateway>; readonly until: number } | undefined;
  return () => {
    if (known && clock() < known.until) return known.gateway;
    const gateway = find().then(remembering);
    const entry = { gateway, until: clock() + milliseconds };
    known = entry;
    gateway.catch(() => {
      if (known === entry) known = undefined;
    });
    return gateway;
  };
}
