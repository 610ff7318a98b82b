import { defineTexts } from '@/i18n/catalogue';

export const deals = defineTexts('deals', {
  'mode.label': ['显示方式', 'Show as'],
  'mode.list': ['列表', 'List'],
  'mode.board': ['看板', 'Board'],
  'board.label': ['商机看板', 'Deal board'],
  'board.sum': ['已加载合计 {{amount}}', 'Loaded total {{amount}}'],
  'board.move': ['移到其他阶段', 'Move to another stage'],
  'board.more': ['显示更多', 'Show more'],
  'board.empty': ['拖到这里', 'Drop here'],
  'board.closes': ['预计 {{when}} 成交', 'Closes {{when}}'],
});
