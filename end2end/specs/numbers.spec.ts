import { expect, test, visit } from '../fixtures/test';

const NUMBERS = '/dashboard/numbers';

test('numbers of all carriers are found in any spelling and filtered', async ({ page, server }) => {
  const twilio = await server.carrier({ name: 'Twilio', destination_country: 'US' });
  const other = await server.carrier({ name: 'Other', sip_address: 'sip.example.com' });
  await server.number(twilio, '+14155550134', { label: 'Front desk' });
  await server.number(other, '+442079460000', {});
  await visit(page, NUMBERS);
  const table = page.getByRole('table', { name: 'Phone Numbers' });
  await expect(table.getByText('+1 415-555-0134')).toBeVisible();
  await expect(table.getByText('+44 20 7946 0000')).toBeVisible();
  await visit(page, `${NUMBERS}?q=(415)+555-0134`);
  await expect(table.getByText('+1 415-555-0134')).toBeVisible();
  await expect(table.getByText('+44 20 7946 0000')).toBeHidden();
  await visit(page, `${NUMBERS}?provider=custom`);
  await expect(table.getByText('+44 20 7946 0000')).toBeVisible();
  await expect(table.getByText('+1 415-555-0134')).toBeHidden();
});

test('bot is assigned in the row and in bulk', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier({});
  await server.number(carrier, '+14155550134', {});
  await server.number(carrier, '+14155550135', {});
  await visit(page, NUMBERS);
  await page.getByRole('combobox', { name: 'Bot of +1 415-555-0134' }).selectOption({ label: 'Concierge' });
  await expect(page.getByText('Changed the bot of +1 415-555-0134.')).toBeVisible();
  await expect.poll(async () => (await server.get(`/dids?bot_id=${bot.id}`)).total).toBe(1);
  await visit(page, `${NUMBERS}?state=no_bot`);
  const rest = (await server.get('/dids?state=no_bot')).items[0];
  await visit(page, `${NUMBERS}?assign-bot=1&ids=${rest.id}`);
  const dialog = page.getByRole('dialog', { name: 'Assign Bot' });
  await dialog.getByLabel('Assign Bot').selectOption({ label: 'Concierge' });
  await dialog.getByRole('button', { name: 'Assign Bot' }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await server.get(`/dids?bot_id=${bot.id}`)).total).toBe(2);
});
