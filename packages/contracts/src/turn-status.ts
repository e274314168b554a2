/** The ends a turn can have; an accepted turn reaches exactly one. */
export const turnEnds = ['done', 'error', 'cancelled', 'interrupted', 'refused', 'blocked'] as const

/** A turn's status in `omni2.turns`: not yet ended, or how it ended. */
export const turnStatuses = ['queued', 'running', ...turnEnds] as const

export const turnSources = ['ws', 'sse'] as const

export type TurnEnd = (typeof turnEnds)[number]
export type TurnStatus = (typeof turnStatuses)[number]
export type TurnSource = (typeof turnSources)[number]
