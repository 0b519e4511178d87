"""What programmers commonly can do, for those who come first: later the words of the people here lead the list."""

COMMON = (
    *("Python", "JavaScript", "TypeScript", "Java", "Kotlin", "C", "C++", "C#", "Go", "Rust", "Swift", "Ruby", "PHP"),
    *("Dart", "Scala", "Elixir", "Haskell", "Lua", "R", "SQL", "Bash", "HTML", "CSS"),
    *("Django", "FastAPI", "Flask", "Spring", "Node.js", "NestJS", "Rails", "Laravel", ".NET", "htmx"),
    *("React", "Vue", "Svelte", "Angular", "Next.js", "React Native", "Flutter", "Android", "iOS"),
    *("PostgreSQL", "MySQL", "SQLite", "MongoDB", "Redis", "Elasticsearch", "Kafka", "RabbitMQ"),
    *("Linux", "Docker", "Kubernetes", "AWS", "Terraform", "GitHub Actions", "nginx", "Git", "Vim"),
    *("PyTorch", "pandas", "Unity", "Unreal Engine", "Arduino", "WebAssembly", "GraphQL"),
)
