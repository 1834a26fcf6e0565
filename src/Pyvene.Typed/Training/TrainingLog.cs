using System.Security.Cryptography;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Training;

/// <summary>Is what a training told, a line a step in a file beside its checkpoint; lines that the checkpoint does not know of are cut off.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly JsonLines lines;
    private long length;

    /// <summary>Reads what the checkpoint knows of the log, and opens it behind that.</summary>
    /// <param name="checkpoint">The checkpoint; its log has <c>.log.jsonl</c> behind its name.</param>
    /// <param name="length">How many bytes the checkpoint knows of.</param>
    /// <param name="hash">Their SHA-256; empty where there are none.</param>
    /// <param name="steps">Takes the steps.</param>
    /// <exception cref="CheckpointException">The log is missing, or not that of the checkpoint.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public TrainingLog(string checkpoint, long length, string hash, List<TrainingStep> steps)
    {
        var path = checkpoint + ".log.jsonl";
        this.length = length;
        if (length > 0) steps.AddRange(Read(path, hash));
        lines = new JsonLines(path, length);
    }

    /// <summary>Writes a step.</summary>
    public void Append(TrainingStep step)
    {
        var bytes = lines.Append(step);
        hash.AppendData(bytes);
        length += bytes.Length;
    }

    /// <summary>Gives all lines to the system.</summary>
    /// <returns>How many bytes there are, and their SHA-256.</returns>
    public (long Length, string Hash) Flush()
    {
        lines.Flush();
        return (length, Convert.ToHexString(hash.GetCurrentHash()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lines.Dispose();
        hash.Dispose();
    }

    private List<TrainingStep> Read(string path, string expected)
    {
        var bytes = RegularFile.ReadAllBytes(path, Array.MaxLength, (reason, cause) => Wrong(reason, cause));
        if (bytes.Length < length) throw Wrong(FormattableString.Invariant($"It has {bytes.Length} bytes, but the checkpoint knows of {length}."), null);
        var known = bytes.AsSpan(0, (int)length);
        hash.AppendData(known);
        if (Convert.ToHexString(hash.GetCurrentHash()) != expected) throw Wrong("It has other lines than those that the checkpoint knows of.", null);
        var steps = new List<TrainingStep>();
        foreach (var line in known[..^1].Split((byte)'\n'))
        {
            steps.Add(JsonSerializer.Deserialize<TrainingStep>(known[line], JsonForm.Line)!);
        }

        return steps;

        CheckpointException Wrong(string reason, Exception? cause) =>
            new(path, $"This log does not belong to the checkpoint beside it. {reason} Put its log there, or delete both to begin anew.", cause);
    }
}
