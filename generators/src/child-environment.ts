type Environment = NodeJS.Dict<string>

/** Where git works and what it commits is decided by the folder it is started in. */
const gitPlaces =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|CEILING_DIRECTORIES|QUARANTINE_PATH)$/u

/**
 * What is installed, and where. Everything else a package manager is told by its environment (registry, proxy,
 * certificates, caches) is about the machine and stays.
 */
const installChoices =
  /^(?:npm_config|pnpm_config|yarn|bun_config)_(?:omit|include|only|also|production|prod|dev|optional|ignore_workspace|global|global_style|location|prefix|local_prefix|dry_run|package_lock|package_lock_only|lockfile_only|frozen_lockfile|enable_immutable_installs|workspaces?|include_workspace_root|install_strategy|save\w*|ignore_scripts|offline|json|parseable|message|call|package|yes|force|legacy_bundling|modules_dir|dir|skip_save)$/iu

/** What npm tells a script about the project that started it. */
const outerProject =
  /^(?:npm_(?:package|lifecycle)_\w+|npm_command|npm_execpath|npm_node_execpath|INIT_CWD|PROJECT_CWD)$/iu

/** Flags in NODE_OPTIONS that run other code, load other copies of packages, or wait for a debugger; with their value. */
const loadingFlags =
  /(?:^|\s)(?:--inspect\S*|(?:-r|-C|--require|--import|--conditions|--loader|--experimental-loader|--env-file|--env-file-if-exists)(?:=|\s+)(?:"(?:[^"\\]|\\.)*"|\S+))/gu

/** The environment git gets from us. */
export function gitEnvironment(env: Environment = process.env): Environment {
  return without(env, gitPlaces)
}

/** The environment a package manager gets from us: what is around us does not decide what a new app consists of. */
export function installEnvironment(env: Environment = process.env): Environment {
  const {
    NODE_ENV: _,
    NODE_OPTIONS: options,
    ...rest
  } = without(env, installChoices, outerProject, gitPlaces)
  const kept = (options ?? '').replaceAll(loadingFlags, ' ').trim()
  return kept === '' ? rest : { ...rest, NODE_OPTIONS: kept }
}

function without(env: Environment, ...patterns: readonly RegExp[]): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !patterns.some((pattern) => pattern.test(name))),
  )
}
