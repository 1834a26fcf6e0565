namespace Pyvene.Typed.Checkpoints;

/// <summary>Writes files that are there as a whole or not at all: a failure leaves what was there before.</summary>
internal static class WholeFile
{
    /// <summary>Fills a new file beside the place and moves it there at the end; an existing file is replaced.</summary>
    /// <param name="path">The place.</param>
    /// <param name="fill">Writes the contents.</param>
    public static void Write(string path, Action<Stream> fill)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                fill(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes what processes left beside the place that ended while they wrote it.</summary>
    /// <param name="path">The place, which nobody writes now.</param>
    public static void DeleteTorn(string path)
    {
        var (place, start) = (Path.GetFullPath(path), Path.GetFileName(path) + ".");
        foreach (var torn in Directory.EnumerateFiles(Path.GetDirectoryName(place)!, "*.tmp"))
        {
            var name = Path.GetFileName(torn);
            if (name.StartsWith(start, StringComparison.Ordinal) && Guid.TryParseExact(name[start.Length..^".tmp".Length], "N", out _)) File.Delete(torn);
        }
    }

    /// <summary>Writes a text as UTF-8.</summary>
    /// <param name="path">The place.</param>
    /// <param name="text">The text.</param>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
