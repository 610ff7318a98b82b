import { CommentOutlined, FileTextOutlined, MailOutlined, PhoneOutlined, TeamOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';

export const CHANNELS = ['call', 'meeting', 'note', 'chat', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

const ICONS: Record<Channel, ReactNode> = {
  call: <PhoneOutlined />,
  meeting: <TeamOutlined />,
  note: <FileTextOutlined />,
  chat: <CommentOutlined />,
  email: <MailOutlined />,
};

export function isChannel(value: unknown): value is Channel {
  return CHANNELS.some((channel) => channel === value);
}

export function ChannelIcon({ channel }: { channel: unknown }) {
  return ICONS[isChannel(channel) ? channel : 'note'];
}
