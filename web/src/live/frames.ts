/** One server-sent event, or a comment (the heart-beat). */
export interface Frame { event: string; data: string; id?: string; comment: boolean }

/** Cuts a text/event-stream into frames. Feed it whatever has arrived; a frame comes out once it is whole. */
export function frameParser(onFrame: (frame: Frame) => void): (chunk: string) => void {
  let rest = '';
  let frame = blank();

  function line(text: string): void {
    if (text === '') {
      if (frame.data !== '' || frame.event !== 'message') onFrame({ ...frame, data: frame.data.replace(/\n$/, '') });
      frame = blank();
      return;
    }
    if (text.startsWith(':')) {
      onFrame({ ...blank(), comment: true });
      return;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(text) ?? [];
    if (field === 'event') frame.event = value ?? '';
    else if (field === 'data') frame.data += `${value}\n`;
    else if (field === 'id') frame.id = value;
  }

  return (chunk) => {
    rest += chunk;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    lines.forEach(line);
  };
}

function blank(): Frame {
  return { event: 'message', data: '', comment: false };
}
