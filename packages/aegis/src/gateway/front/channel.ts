/**
 * Sends one message to the client, on the stream of the request that it belongs to. False when it cannot
 * reach the client any more, or the client has left too much unread.
 */
export type Send = (text: string) => boolean;

/** A client that leaves so much unread, in bytes, is sent nothing more but answers. */
export const MAX_UNREAD_BYTES = 1024 * 1024;
