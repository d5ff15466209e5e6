/** The interface of a handler: from a platform `Request` to a platform `Response`. */

/** The client of a request. */
export interface Caller {
  /** The host that it asked for, as it is in the request: `192.168.1.5:8080`. */
  readonly host: string;
}

export type Handler = (request: Request, caller: Caller) => Response | Promise<Response>;
