import { defineTexts } from '@/i18n/catalogue';

export const communications = defineTexts('communications', {
  'filters': ['筛选', 'Filters'],
  'filters.view': ['视图', 'Views'],
  'filters.channel': ['渠道', 'Channel'],
  'filters.channel.all': ['全部渠道', 'All channels'],
  'filters.direction': ['方向', 'Direction'],
  'filters.owner': ['负责人', 'Owner'],
  'filters.period': ['时间', 'Period'],
  'list.label': ['沟通列表', 'Communications'],
  'list.none': ['没有符合条件的沟通', 'No communications match'],
  'reading.label': ['阅读窗格', 'Reading pane'],
  'reading.choose': ['选择一条沟通以阅读', 'Choose one to read it'],
  'reading.choose.help': ['用 ↑ ↓ 键在列表中移动。', 'Use ↑ and ↓ to move through the list.'],
  'reading.noBody': ['没有正文', 'No text'],
  'reading.duration': ['时长 {{duration}}', '{{duration}} long'],
  'match.title': ['这封邮件还没有归属客户', 'This mail belongs to nobody yet'],
  'match.help': ['发件地址与任何联系人都不一致。选择它属于哪位客户或联系人，之后即出现在其动态中。', 'Its address fits no contact. Say whose it is, and it appears in that timeline.'],
  'match.customer': ['客户', 'Customer'],
  'match.contact': ['联系人(可选)', 'Contact (optional)'],
  'match.save': ['归属到该客户', 'Match'],
  'match.saved': ['已归属', 'Matched'],
});
