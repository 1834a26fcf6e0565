using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Is the part of the kept files that belongs to one model and revision.</summary>
internal sealed partial class HubCache
{
    private const long LongestReference = 1024;
    private static readonly ConcurrentDictionary<(string Place, string Tag, long Length, DateTime Written), bool> Checked = new();

    private readonly string folder;
    private readonly string revision;

    private HubCache(string folder, string revision) => (this.folder, this.revision) = (folder, revision);

    /// <summary>Names the folder of a model; nothing is read or made yet.</summary>
    /// <exception cref="ArgumentException">The name or the revision is malformed.</exception>
    public static HubCache Of(string root, string name, string revision)
    {
        if (!ModelHub.IsName(name))
        {
            throw new ArgumentException($"'{name}' is no name of a model, such as 'openai-community/gpt2'.", nameof(name));
        }

        return Revision().IsMatch(revision) && !revision.Contains("..", StringComparison.Ordinal)
            ? new HubCache(Path.Combine(root, $"models--{name.Replace("/", "--", StringComparison.Ordinal)}"), revision)
            : throw new ArgumentException($"'{revision}' is no branch, tag or commit.", nameof(revision));
    }

    /// <summary>Returns whether a name is that of a file beside others: no path, and not hidden.</summary>
    public static bool IsPlainName(string name) => PlainName().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>Returns the commit of the revision when it is kept.</summary>
    public string? Find()
    {
        var reference = Path.Combine(folder, "refs", revision);
        var commit = File.Exists(reference) ? RegularFile.ReadAllText(reference, LongestReference, RegularFile.SystemError(reference)).Trim() : revision;
        return IsPlainName(commit) && new[] { "config.json", "experiment.json" }.Any(file => File.Exists(Path.Combine(Snapshot(commit), file))) ? commit : null;
    }

    /// <summary>Returns the folder of a commit.</summary>
    public string Snapshot(string commit) => Path.Combine(folder, "snapshots", commit);

    /// <summary>Returns whether a file of a commit is kept.</summary>
    public bool Has(string commit, string file) => File.Exists(Path.Combine(Snapshot(commit), file));

    /// <summary>Returns the names of the files that are kept of a commit.</summary>
    public IReadOnlyList<string> Files(string commit) => [.. Directory.EnumerateFiles(Snapshot(commit)).Select(file => Path.GetFileName(file))];

    /// <summary>
    /// Checks that a kept file is still the one that was fetched: the name of what its link leads to is its checksum. Each is read once a process, and again
    /// after it has changed.
    /// </summary>
    /// <exception cref="CheckpointException">It is another.</exception>
    public async Task CheckAsync(string commit, string file, CancellationToken cancellation)
    {
        var place = Path.Combine(Snapshot(commit), file);
        var kept = new FileInfo(place);
        var (tag, target) = (TagOf(commit, file, kept), kept.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? kept);
        if (tag is null || Checked.ContainsKey((target.FullName, tag, target.Length, target.LastWriteTimeUtc)))
        {
            return;
        }

        await using Stream stream = target.Length == 0 ? new MemoryStream() : RegularFile.OpenStream(place, RegularFile.SystemError(place));
        var actual = await HubFile.SumAsync(stream, target.Length, tag.Length, cancellation);
        if (actual != tag)
        {
            throw new CheckpointException(place, $"The file is not the one that was fetched: it has {target.Length} bytes and the checksum {actual}, but "
                + $"{tag} was stored. "
                + "It was cut or changed since. Delete it and what it leads to, to have it fetched again.");
        }

        Checked[(target.FullName, tag, target.Length, target.LastWriteTimeUtc)] = true;
    }

    /// <summary>Returns whether the file with a tag is kept.</summary>
    public bool HasBlob(string tag) => File.Exists(Blob(tag));

    /// <summary>Returns where the file with a tag is written while it is fetched.</summary>
    public string Partial(string tag)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        return Blob(tag) + ".incomplete";
    }

    /// <summary>Keeps a file that was fetched whole.</summary>
    public void Keep(string tag) => File.Move(Blob(tag) + ".incomplete", Blob(tag), overwrite: true);

    /// <summary>Puts a kept file into a commit: as a link where the system allows, else as a copy.</summary>
    public void Link(string commit, string file, string tag)
    {
        var place = Path.Combine(Snapshot(commit), file);
        Directory.CreateDirectory(Snapshot(commit));
        File.Delete(place);
        try
        {
            File.CreateSymbolicLink(place, Path.Combine("..", "..", "blobs", tag));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.Copy(Blob(tag), place);
            Directory.CreateDirectory(Path.Combine(folder, "tags", commit));
            WholeFile.Write(Path.Combine(folder, "tags", commit, file), tag);
        }
    }

    /// <summary>Remembers the commit of the revision.</summary>
    public void Remember(string commit)
    {
        if (revision != commit)
        {
            var reference = Path.Combine(folder, "refs", revision);
            Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
            WholeFile.Write(reference, commit);
        }
    }

    /// <summary>Returns the checksum of a file as it was fetched; <see langword="null"/> when other tools kept it without one.</summary>
    private string? TagOf(string commit, string file, FileInfo kept)
    {
        var stored = Path.Combine(folder, "tags", commit, file);
        var tag = kept.LinkTarget is { } target ? Path.GetFileName(target)
            : File.Exists(stored) ? RegularFile.ReadAllText(stored, LongestReference, RegularFile.SystemError(stored))
            : "";
        return HubFile.IsSum(tag) ? tag : null;
    }

    private string Blob(string tag) => Path.Combine(folder, "blobs", tag);

    [GeneratedRegex(@"^[A-Za-z0-9][\w./-]{0,127}\z")]
    private static partial Regex Revision();

    [GeneratedRegex(@"^[A-Za-z0-9_][\w.#,-]{0,127}\z")]
    private static partial Regex PlainName();
}
