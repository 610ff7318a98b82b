import { defineTexts } from '@/i18n/catalogue';

export const tasks = defineTexts('tasks', {
  finish: ['完成任务：{{title}}', 'Mark as done: {{title}}'],
  reopen: ['重新打开任务：{{title}}', 'Open again: {{title}}'],
  finished: ['已完成：{{title}}', 'Done: {{title}}'],
  'group.overdue': ['已逾期', 'Overdue'],
  'group.today': ['今天', 'Today'],
  'group.tomorrow': ['明天', 'Tomorrow'],
  'group.week': ['7 天内', 'Within 7 days'],
  'group.later': ['以后', 'Later'],
  'group.undated': ['未定时间', 'No date'],
  'group.done': ['已完成', 'Done'],
  'mode.label': ['显示方式', 'Show as'],
  'mode.list': ['清单', 'List'],
  'mode.table': ['表格', 'Table'],
  'empty': ['没有待办任务', 'Nothing to do'],
  'empty.help': ['任务提醒您何时该为哪位客户做什么。', 'Tasks remind you what to do for whom, and when.'],
  'more': ['加载更多', 'Load more'],
});
