DROP TABLE meta.installation;
SELECT meta.settle();
