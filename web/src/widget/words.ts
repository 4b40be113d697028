const en = {
  open: 'Open chat', close: 'Close chat', title: 'Chat with us', placeholder: 'Write a message', send: 'Send', attach: 'Attach a file',
  name: 'Your name (optional)', email: 'E-mail (optional)', emailAway: 'E-mail, so that we can answer',
  hint: 'Write to us, a person will answer.', away: 'We are away right now. Leave a message and we will answer by e-mail.',
  queued: 'You are number {n} in line', wait: 'about {m} min', waitUnknown: 'we cannot say yet how long it takes', waitSoon: 'less than a minute',
  waiting: 'Waiting for somebody to join', talking: '{name} is with you', typing: '{name} is typing', agent: 'Our colleague',
  reconnecting: 'Connection lost. Reconnecting…', offline: 'Your message is kept and sent when the connection is back.',
  sending: 'Sending…', notSent: 'Not sent.', retry: 'Try again',
  end: 'End chat', endSure: 'End this chat?', yesEnd: 'End it', no: 'Keep chatting',
  ended: { customer: 'You ended the chat.', agent: 'The chat was ended.', system: 'The chat is over.' } as Record<string, string>,
  again: 'Write again to start a new chat.', ticket: 'Thank you. Your message is kept as number {n}, and we will answer you.',
  tooBig: 'This file is too big. At most {limit}.', uploadFailed: 'The file could not be sent. Try again.', uploadType: 'This kind of file is not accepted.',
  startFirst: 'Send a message first, then attach files.', newMessages: '{n} new messages', tooLong: 'That message is too long.', you: 'You',
  busy: 'Too many messages at once. Wait a moment.', refused: 'That did not work. Try again in a moment.', uploading: 'Sending the file…',
  callMe: 'Call me back instead', callPhone: 'Your phone number', callGo: 'Call me', callAsking: 'One moment…', callBadPhone: 'This number cannot be called. Write it with the country code.',
  callAgreed: 'We will call you at {phone} as soon as somebody is free.', callAgreedAt: 'We will call you at {phone}, from {time} on.',
}
const zh: typeof en = {
  open: '打开聊天', close: '关闭聊天', title: '在线咨询', placeholder: '输入消息', send: '发送', attach: '添加附件',
  name: '您的姓名（选填）', email: '邮箱（选填）', emailAway: '邮箱，方便我们回复您',
  hint: '给我们留言，有人工客服为您解答。', away: '现在是休息时间，请留言，我们会通过邮件回复您。',
  queued: '您排在第 {n} 位', wait: '预计约 {m} 分钟', waitUnknown: '暂时无法预计等待时间', waitSoon: '预计不到一分钟',
  waiting: '正在为您接通客服', talking: '{name} 正在为您服务', typing: '{name} 正在输入', agent: '客服',
  reconnecting: '连接已断开，正在重连…', offline: '消息已保留，恢复连接后会自动发送。',
  sending: '发送中…', notSent: '未发送。', retry: '重试',
  end: '结束聊天', endSure: '确定结束聊天吗？', yesEnd: '结束', no: '继续聊',
  ended: { customer: '您已结束聊天。', agent: '聊天已结束。', system: '聊天已结束。' },
  again: '再次发送消息即可开始新的聊天。', ticket: '谢谢，您的留言已登记，编号 {n}，我们会尽快回复。',
  tooBig: '文件太大，最大 {limit}。', uploadFailed: '文件发送失败，请重试。', uploadType: '不支持此类文件。',
  startFirst: '请先发送一条消息，再添加附件。', newMessages: '{n} 条新消息', tooLong: '消息太长了。', you: '您',
  busy: '发送过于频繁，请稍候。', refused: '未成功，请稍后再试。', uploading: '正在发送文件…',
  callMe: '请给我回电', callPhone: '您的电话号码', callGo: '请回电', callAsking: '请稍候…', callBadPhone: '无法拨打此号码，请写上国家代码。',
  callAgreed: '有客服空闲时，我们会拨打 {phone} 给您回电。', callAgreedAt: '我们会从 {time} 起拨打 {phone} 给您回电。',
}

export type Words = typeof en
export const isChinese = (language: string): boolean => language.toLowerCase().startsWith('zh')
export const wordsIn = (language: string): Words => (isChinese(language) ? zh : en)
export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''))
