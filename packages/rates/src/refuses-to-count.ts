/**
 * Beginnings of errors of a Redis that refuses every count now: a replica, one that loads its data or has
 * lost its primary, one without memory, disk, quorum or time, or with other credentials. Another node may count, or this
 * one later.
 */
const refusals =
  /\b(?:READONLY|LOADING|MASTERDOWN|OOM|MISCONF|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|NOPERM|CLUSTERDOWN|TRYAGAIN|MOVED|ASK) /

/** True for the error of a Redis that does not count now; from a script it may stand in the middle of the text. */
export const refusesToCount = ({ message }: Error): boolean => refusals.test(message)
