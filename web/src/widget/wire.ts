// The chat door's frames (docs/protocol.md, section 2).
export interface ChatAttachment {
  id: string
  name: string
  media_type: string
  bytes: number
}
export interface WireMessage {
  t: 'message'
  chat?: number // whose number n is
  n: number
  from: 'customer' | 'agent' | 'system'
  name?: string
  text?: string
  time_ms: number
  key?: string
  attachment?: ChatAttachment
}
export type ServerFrame =
  | { t: 'welcome'; visitor: string; greeting?: string; open?: boolean; active?: boolean; last?: number; max_attachment_bytes?: number; name?: string; chat?: number }
  | { t: 'queued'; position: number; wait_ms?: number; callback?: boolean }
  | { t: 'callback'; phone: string; at_ms?: number }
  | { t: 'assigned'; agent: string }
  | WireMessage
  | { t: 'ack'; key: string; n: number }
  | { t: 'typing'; from: string }
  | { t: 'ended'; by: string }
  | { t: 'ticket'; ticket: number }
  | { t: 'error'; code: string; message?: string; key?: string }

export type ClientFrame =
  | { t: 'hello'; visitor: string; since: number; chat?: number; identity?: string; language: string; page: string; queue?: string }
  | { t: 'start'; key: string; text: string; name?: string; email?: string; queue?: string }
  | { t: 'message'; key: string; text?: string; attachment?: string }
  | { t: 'typing' }
  | { t: 'end' }
  | { t: 'callback'; key: string; phone: string }
