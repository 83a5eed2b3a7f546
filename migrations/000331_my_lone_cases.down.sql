DROP FUNCTION app.my_lone_cases();
SELECT meta.settle();
